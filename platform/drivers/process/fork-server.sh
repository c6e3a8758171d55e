#!/bin/sh
# The inside of a fork server: the world of the instances that it makes, without the code of any function.
#
#   setpriv --pdeathsig KILL -- unshare --mount --net --ipc --uts -- sh fork-server.sh ROOT FSTAB GROUPS COMMAND...
#
#   ROOT, FSTAB, GROUPS   as in sandbox.sh
#   COMMAND               the server
#
#   fd 3     orders of the platform, whose end is the server's
#
# It sees the platform's processes, since it is told by their numbers where to put an instance.
set -eu
root=$1 fstab=$2 groups=$3
shift 3

for group in $groups; do
  echo 0 >"$group/cgroup.procs"
done
mount -a -T "$fstab"
cd "$root"
pivot_root . old
cd /opt/function
unset OLDPWD
umount -l /old
umount -l /store

# As for instances, which inherit it; shells start what runs beside them with these signals ignored.
trap '' INT QUIT
echo 500 >/proc/self/oom_score_adj
ulimit -c 0
ulimit -n 1024
umask 022

# Entering namespaces, taking descriptors and changing the user is all it can do. Two steps: what follows the first needs the bounding set.
exec setpriv --inh-caps=-all,+sys_admin,+sys_chroot,+sys_ptrace,+setuid,+setgid -- \
  setpriv --bounding-set=-all --no-new-privs -- "$@"
