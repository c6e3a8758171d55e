# -*- coding: utf-8 -*-
def handler(event, context):
    return u'é' * event
