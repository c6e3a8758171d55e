#!/bin/sh
# Starts a PHP instance: start.sh PHP [INI], with the settings of INI instead of the machine's.
#
# PHP can close only its standard streams, so an inherited link goes to it as standard input: the bootstrap closes that when it
# has taken the link over in a way that child processes do not inherit. For their sake, too, the bootstrap is no script
# argument, which would stay open.
program=$1 ini=${2-}
set -- -d display_errors=0 -d log_errors=0 -d html_errors=0 -d error_reporting=-1 -d output_buffering=0 \
  -d memory_limit=-1 -d max_execution_time=0 -d zend.exception_ignore_args=1 -d variables_order=EGPCS \
  -r 'require $argv[1];' -- "${0%/*}/bootstrap.php"
if [ -n "$ini" ]; then
  export PHP_INI_SCAN_DIR=
  set -- -c "$ini" "$@"
fi
if [ "${FUNGRAPH_LINK-}" = fd:3 ]; then
  FUNGRAPH_LINK=fd:0 exec "$program" "$@" <&3 3<&-
fi
exec "$program" "$@"
