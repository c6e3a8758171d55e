#!/bin/sh
# The gateway of one VPC: answers for its private zones, and is the way out where a NAT gateway is declared.
#   VPC_ADDRESS     where functions expect it, with the prefix of the VPC: 10.1.255.253/16
#   VPC_NEIGHBOUR   another address of the VPC, by which the inner interface is known
#   VPC_RANGE       10.1.0.0/16
#   EGRESS_GATEWAY  the machine, on the way out; empty: there is none
#   EGRESS_RANGE    the network between the two, which is nobody's to call
set -eu

interface_to() {
  ip -4 -o route get "$1" | sed 's/.* dev \([^ ]*\).*/\1/'
}

inside=$(interface_to "$VPC_NEIGHBOUR")
ip address add "$VPC_ADDRESS" dev "$inside"

iptables -P FORWARD DROP
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for protocol in udp tcp; do
  iptables -A INPUT -i "$inside" -d "${VPC_ADDRESS%/*}" -p "$protocol" --dport 53 -j ACCEPT
done

if [ -n "$EGRESS_GATEWAY" ]; then
  outside=$(interface_to "$EGRESS_GATEWAY")
  ip route replace default via "$EGRESS_GATEWAY" dev "$outside"
  for nowhere in "$EGRESS_RANGE" 127.0.0.0/8 169.254.0.0/16; do
    iptables -A FORWARD -d "$nowhere" -j DROP
  done
  iptables -A FORWARD -i "$inside" -o "$outside" -s "$VPC_RANGE" -j ACCEPT
  iptables -A FORWARD -i "$outside" -o "$inside" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  iptables -t nat -A POSTROUTING -o "$outside" -j MASQUERADE
fi

dnsmasq --keep-in-foreground --conf-file=/etc/vpc/dns.conf &
server=$!
# It reads zones that changed without a pause.
trap 'kill -HUP "$server"' HUP
trap 'kill "$server"; exit 0' TERM INT
while ! ss -Hlun "src ${VPC_ADDRESS%/*}:53" | grep -q .; do
  kill -0 "$server"
  sleep 0.02
done
echo ready
# A signal ends the wait, not the server.
while kill -0 "$server" 2>/dev/null; do
  wait "$server" || true
done
exit 1
