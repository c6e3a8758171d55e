def dep():
    return 'dep'
