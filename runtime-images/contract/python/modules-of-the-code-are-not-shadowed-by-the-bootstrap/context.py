text = 'mi'
