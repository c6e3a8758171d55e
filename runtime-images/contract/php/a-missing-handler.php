<?php

$other = 1;
