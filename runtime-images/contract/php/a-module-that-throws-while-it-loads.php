<?php

throw new Exception('early');
