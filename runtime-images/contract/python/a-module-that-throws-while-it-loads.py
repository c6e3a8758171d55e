raise Exception('early')
