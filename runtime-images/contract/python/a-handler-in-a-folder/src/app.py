def main(event, context):
    from src.dep import dep
    return dep()
