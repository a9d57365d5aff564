use Fcntl;
# Holds the lock that dpkg's front ends take, until it is told to go.
open my $lock, '>>', '/var/lib/dpkg/lock-frontend' or die $!;
my $whole = pack 's s l l i', F_WRLCK, 0, 0, 0, 0;
fcntl $lock, F_SETLK, $whole or die $!;
open my $locked, '>', '/run/locked' or die $!;
sleep 1 until -e '/run/go';
