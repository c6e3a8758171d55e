import subprocess

def handler(event, context):
    return subprocess.check_output(['sh', '-c', event], close_fds=False).decode()
