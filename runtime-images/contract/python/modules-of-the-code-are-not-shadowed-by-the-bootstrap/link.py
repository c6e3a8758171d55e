text = 'ne'
