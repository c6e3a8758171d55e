#!/bin/sh
# The inside of one instance: builds its world, has the runtime wait for its start, and stays as process 1 of its namespaces.
#
#   setpriv --pdeathsig KILL -- \
#   unshare --mount --net --pid --ipc --uts --fork --kill-child -- sh sandbox.sh ROOT FSTAB GROUPS COMMAND...
#
#   ROOT     folder with the skeleton of the new root (empty folders and files to mount on), shared and read-only
#   FSTAB    what is mounted where in ROOT
#   GROUPS   cgroup folders to join, separated by blanks; may be empty
#   COMMAND  the runtime
#
#   fd 1, 2  output of the runtime
#   fd 3     the link: goes to the runtime, and to nobody else
#   fd 4     orders of the platform: "claim FOLDER" once, answered by "ok" or "no", and "seal" some time later, when nobody
#            waits any more; its end is the end of this world. It says "ready" when all of this is built.
#            The kernel closes the other side even when the platform is killed, so nothing here outlives the platform;
#            the death signal says the same a second time.
#   fd 5     the token of the runtime, on a line: it starts when that comes. Or "forked": a fork server has put the runtime here, and
#            tells its status later (fork-server.sh)
set -eu
root=$1 fstab=$2 groups=$3
shift 3

# Limits first: what comes later counts, since children stay where their parent is (0 means the writer itself). The kernel takes
# its time for that, in which the mounts are made.
mount -a -T "$fstab" 5>&- &
for group in $groups; do
  echo 0 >"$group/cgroup.procs"
done
wait $!
echo function >/proc/sys/kernel/hostname

cd "$root"
pivot_root . old
cd /opt/function
# The shell would pass on where it came from: the platform's folder.
unset OLDPWD

# What comes next needs no more than this.
ulimit -c 0
ulimit -n 1024
umask 022

# The runtime: user 1003, no capability to be had by any means, nothing inherited but output and link. What waits for the start
# is a shell, which needs far less memory.
(
  exec 4>&-
  # When memory runs out, the kernel takes these before the shells that watch.
  echo 500 >/proc/self/oom_score_adj
  exec setpriv --reuid 1003 --regid 1003 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs -- \
    sh -c '
      read -r FUNGRAPH_TOKEN <&5 || exit
      if [ "$FUNGRAPH_TOKEN" = forked ]; then
        exec 1>&- 2>&- 3>&-
        read -r status <&5
        exit "$status"
      fi
      export FUNGRAPH_TOKEN
      exec "$@" 5<&-' sh "$@"
) </dev/null &
runtime=$!
exec 3>&- 5>&-

# Orders come while the runtime runs, so another process waits for them. It also does what must be done before code of a
# user comes, but need not hold up the start of the runtime: the old root is let go, so that no path leads back, and the
# loopback gets up. That is the only network; port 8000 is free in every instance. /store holds the code of all functions
# behind a door that only root opens; the one folder is put in place, then the store goes away.
(
  exec >/dev/null
  # Whatever ends this watch, a full process table included, ends all processes but process 1, and then that one.
  trap 'kill -KILL -1 2>/dev/null' EXIT
  umount -l /old
  ip link set lo up
  echo ready >&4
  read -r order folder <&4
  # Callers wait for this one: with -n -i -c and the C locale nothing is looked up that a bind mount does not need.
  if [ "$order" = claim ] && LC_ALL=C mount -n -i -c -o bind,ro,nosuid,nodev "/store/$folder" /opt/function/code; then
    echo ok >&4
  else
    echo no >&4
  fi
  read -r order <&4
  umount -l /store
  # The platform says nothing more; this waits for its side to close.
  read -r order <&4
) &
exec 4>&-

# Zombies of the function are reaped here too. The end of process 1 is the end of every process of the instance.
status=0
wait "$runtime" || status=$?
exit "$status"
