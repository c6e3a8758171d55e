# -*- coding: utf-8 -*-
def handler(event, context):
    context.getLogger()._scope.log(2, u'é' * 100000)
