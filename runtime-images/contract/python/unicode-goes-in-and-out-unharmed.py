# -*- coding: utf-8 -*-
def handler(event, context):
    return event + u'–木😀'
