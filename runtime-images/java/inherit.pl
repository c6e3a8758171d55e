# Starts a program with the link as an inherited descriptor: perl inherit.pl PROGRAM [ARGUMENT...]
# Java knows Unix sockets from 16 on; every Debian and Ubuntu has this Perl.
use strict;
use warnings;
use Socket;

my $link;
if (($ENV{FUNGRAPH_LINK} // '') =~ /^unix:(.+)/) {
    my $path = $1;

    # Descriptors up to this one are not closed when a program starts.
    $^F = 255;
    socket($link, PF_UNIX, SOCK_STREAM, 0) or die "no socket: $!\n";
    connect($link, pack_sockaddr_un($path)) or die "no platform listens on $path: $!\n";
    $ENV{FUNGRAPH_LINK} = 'fd:' . fileno($link);
}
exec { $ARGV[0] } @ARGV or die "$ARGV[0] does not start: $!\n";
