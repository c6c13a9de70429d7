#!/bin/bash
# The openstack and nova clients through everything a user and an administrator do: some 300 commands, six minutes. Not
# part of `npm test`; what the walkthrough needs of it is in clients.test.ts.
#   bin/faultline up --data /tmp/try --hosts 2        (a fresh data folder)
#   test/contract/clients-by-hand.sh /tmp/try
# Prints each command that ended otherwise than it should, and how; a log of everything is DATA/by-hand.log.
data=${1:?the data folder of a running cloud}
log=$data/by-hand.log
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
: > "$log"
for name in $(env | sed -n 's/^\(OS_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done

# run RCFILE ok|fails CLIENT WORDS…
run() {
  local rc=$1 wanted=$2 output status
  shift 2
  # shellcheck disable=SC1090
  output=$(. "$data/$rc"; "$@" 2>&1)
  status=$?
  printf '### %s %s (exit %s)\n%s\n\n' "$rc" "$*" "$status" "$output" >> "$log"
  if [ "$wanted" = ok ] && [ $status -ne 0 ] || [ "$wanted" = fails ] && [ $status -eq 0 ]; then
    wrong=$((wrong + 1))
    printf '%s %s: exit %s\n    %s\n' "$rc" "$*" "$status" "$(tail -1 <<< "$output")"
  fi
}
demo() { run openrc ok openstack "$@"; }
admin() { run openrc-admin ok openstack "$@"; }
demo_fails() { run openrc fails openstack "$@"; }
demo_nova() { run openrc ok nova "$@"; }
admin_nova() { run openrc-admin ok nova "$@"; }
demo_at() { demo --os-compute-api-version "$@"; }
admin_at() { admin --os-compute-api-version "$@"; }
# ask WORDS…: what a command of demo's prints
ask() { (. "$data/openrc"; openstack "$@"); }
id() { ask server show "$1" -f value -c id; }
settle() { sleep 1; }

cd "$work" || exit 1
image=$(ask image list -f value -c Name | head -1)
echo '#!/bin/sh' > user-data
ssh-keygen -q -t ed25519 -N '' -f key
admin quota set --instances 50 --cores 100 --ram 200000 demo

# Looking around
demo token issue; demo catalog list; demo versions show; demo extension list
demo image list --long; demo image show "$image"
demo flavor list --long; demo flavor show m1.tiny; admin flavor list --all
demo network list --long; demo subnet list --long; demo router list; demo port list
demo security group list; demo security group rule list default

# Key pairs, networks, ports, groups
demo keypair create generated; demo keypair create --public-key key.pub imported
demo keypair list; demo keypair show generated; demo keypair show --public-key imported; demo keypair delete imported
demo network create net1; demo subnet create --network net1 --subnet-range 10.20.0.0/24 sub1
demo network show net1; demo network set --description text net1; demo subnet show sub1
demo subnet set --dns-nameserver 192.0.2.53 sub1; demo subnet unset --dns-nameserver 192.0.2.53 sub1
demo port create --network net1 p1; demo port show p1; demo port set --name renamed p1; demo port set --name p1 renamed
demo port create --network net1 --fixed-ip subnet=sub1,ip-address=10.20.0.77 p2
demo security group create web; demo security group rule create --protocol tcp --dst-port 22 web
demo security group show web; demo security group set --description text web
demo server group create --policy anti-affinity apart; demo server group list --long; demo server group show apart
demo_at 2.64 server group create --policy affinity together; demo server group delete together

# Servers: create
create=(server create --flavor m1.tiny --image "$image")
demo "${create[@]}" --network net1 --wait v1
demo "${create[@]}" --port p1 --wait v2
group=$(ask server group show apart -f value -c id)
demo "${create[@]}" --network net1 --key-name generated --user-data user-data --property a=b --property c=d \
  --availability-zone nova --hint "group=$group" --security-group web --config-drive True --wait v3
demo_at 2.52 "${create[@]}" --network net1 --tag t1 --description 'some words' --wait v4
demo "${create[@]}" --network net1 --min 2 --max 3 --wait many
demo "${create[@]}" --nic net-id=net1,v4-fixed-ip=10.20.0.99 --wait v5
demo_at 2.37 "${create[@]}" --nic none --wait v6
demo_at 2.90 "${create[@]}" --network net1 --hostname named --wait v7
admin "${create[@]}" --network net1 --availability-zone nova:host-2 --wait placed
admin_at 2.74 "${create[@]}" --network net1 --host host-1 --wait asked
demo_fails --os-compute-api-version 2.74 "${create[@]}" --network net1 --host host-1 refused
demo_fails server create --flavor nope --image "$image" --network net1 refused
demo_fails server create --flavor m1.tiny --image nope --network net1 refused
for wrong_option in '--network nope' '--network net1 --key-name nope' '--network net1 --availability-zone nope'; do
  # shellcheck disable=SC2086
  demo_fails "${create[@]}" $wrong_option refused
done

# Servers: list and show
first=$(ask server list -f value -c ID | head -1)
for filter in '' --long -n '--no-name-lookup --long' '--name v1' '--status ACTIVE' '--ip 10.20.0.99' \
  '--flavor m1.tiny' '--limit 2' '--limit -1' "--marker $first" '--changes-since 2020-01-01T00:00:00Z' \
  '--reservation-id r-nope' '--instance-name x'; do
  # shellcheck disable=SC2086
  demo server list $filter
done
for filter in '2.66 server list --changes-before 2099-01-01T00:00:00Z' '2.73 server list --locked' \
  '2.73 server list --unlocked' '2.26 server list --tags t1' '2.26 server list --not-tags t1' \
  '2.83 server list --availability-zone nova' '2.83 server list --key-name generated' \
  '2.83 server list --config-drive' '2.83 server list --no-config-drive' '2.83 server list --power-state running' \
  '2.83 server list --vm-state active'; do
  # shellcheck disable=SC2086
  demo_at $filter
done
for filter in --all-projects '--all-projects --long' '--host host-1' '--project demo' '--user demo --all-projects' \
  --deleted; do
  # shellcheck disable=SC2086
  admin server list $filter
done
for version in 2.1 2.3 2.9 2.19 2.26 2.47 2.63 2.71 2.73 2.90 2.92; do demo_at $version server show v3; done
admin_at 2.92 server show "$(id v3)"; admin server show "$(id v3)"

# Servers: change
demo server set --name renamed v1; demo server set --name v1 renamed
demo server set --property x=y v1; demo server unset --property x v1; demo server set --password secret v1
demo_at 2.26 server set --tag t v1; demo_at 2.26 server unset --tag t v1
demo_at 2.19 server set --description text v1; demo_at 2.19 server unset --description v1
demo_at 2.90 server set --hostname other v1
admin server set --state error "$(id v5)"; admin server set --state active "$(id v5)"
demo_fails server set --state active v5
demo server add security group v1 web; demo server show v1; demo server remove security group v1 web
demo_fails server remove security group v1 web
demo server stop v1; settle; demo_fails server stop v1; demo server start v1; settle
demo server pause v1; settle; demo_fails server pause v1; demo server unpause v1; settle
demo server suspend v1; settle; demo server resume v1; settle
demo server lock v1; demo server unlock v1; demo_at 2.73 server lock --reason why v2; demo server unlock v2
demo server reboot --wait v1; demo server reboot --hard --wait v1
demo server rebuild --wait v1; demo server rebuild --image "$image" --wait v1
demo_at 2.54 server rebuild --key-name generated --wait v1; demo_at 2.54 server rebuild --key-unset --wait v1
demo_at 2.57 server rebuild --user-data user-data --wait v1
demo_at 2.19 server rebuild --description text --name v1 --property q=w --wait v1
demo server rescue v1; settle; demo server unrescue v1; settle
demo server rescue --image "$image" --password x v1; settle; demo server unrescue v1; settle
demo server shelve --wait v1; demo server unshelve --wait v1
admin server shelve --offload --wait "$(id v2)"; demo server unshelve --wait v2
demo_at 2.77 server shelve --wait v2; demo_at 2.77 server unshelve --availability-zone nova --wait v2
demo server image create --name snapshot --wait v1; demo image show snapshot
demo server create --flavor m1.tiny --image snapshot --network net1 --wait copy; demo server delete --wait copy
demo image delete snapshot
demo server resize --flavor m1.small --wait v1; demo server resize confirm v1; settle
demo server resize --flavor m1.tiny --wait v1; demo server resize revert v1; settle
demo_fails server migrate v1; admin server migrate --wait "$(id v1)"; admin server migration confirm "$(id v1)"; settle
admin server migrate --wait "$(id v1)"; admin server migration revert "$(id v1)"; settle
admin server migration list; admin_at 2.59 server migration list --status confirmed
admin_at 2.80 server migration list --server "$(id v1)"
demo console log show v1; demo console log show --lines 3 v1; demo server volume list v1
demo server event list --long v1; demo_at 2.58 server event list --limit 2 v1
demo_at 2.66 server event list --changes-since 2020-01-01 v1
request=$(ask server event list v1 -f value -c 'Request ID' | head -1)
demo server event show v1 "$request"; admin_at 2.84 server event show "$(id v1)" "$request"
demo server delete --wait v7; demo server delete --force v6; admin server list --deleted --all-projects

# Images, routers, floating addresses
demo image create --disk-format raw --container-format bare --file key.pub mine
demo image set --property a=b --name renamed mine; demo image set --min-ram 1 --tag t renamed
demo image unset --tag t --property a renamed; demo image save --file saved renamed; demo image set --shared renamed
admin image add project "$(ask image show renamed -f value -c id)" demo; demo image member list renamed
demo image delete renamed
demo router create r1; demo router add subnet r1 sub1; demo router set --external-gateway public r1; demo router show r1
demo floating ip create public
address=$(ask floating ip list -f value -c 'Floating IP Address' | head -1)
demo floating ip show "$address"; demo server add floating ip v1 "$address"; demo server show v1 -c addresses
demo server remove floating ip v1 "$address"; demo floating ip set --port p2 "$address"
demo floating ip unset --port "$address"; demo floating ip delete "$address"
demo router unset --external-gateway r1; demo router remove subnet r1 sub1; demo router delete r1
demo port list --server v1; demo port unset --fixed-ip subnet=sub1,ip-address=10.20.0.77 p2; demo port delete p2
demo_fails subnet delete sub1
demo network agent list; admin network agent list; demo ip availability list; admin ip availability list

# The administrator's
admin flavor create --id 50 --ram 64 --disk 1 --vcpus 1 f50; admin flavor set --property hw:cpu_policy=shared 50
admin flavor show 50; admin flavor unset --property hw:cpu_policy 50
admin flavor create --private --ram 64 --disk 1 --vcpus 1 private; admin flavor set --project demo private
admin flavor unset --project demo private; admin_at 2.55 flavor set --description text 50
admin_at 2.61 flavor show 50; admin flavor delete 50 private; demo_fails flavor create --ram 1 --disk 1 --vcpus 1 x
admin aggregate create --zone z1 rack; admin aggregate set --property p=q rack; admin aggregate show rack
admin aggregate unset --property p rack; admin aggregate list --long; admin aggregate set --zone z2 rack
admin aggregate delete rack; demo_fails aggregate list
demo availability zone list; admin availability zone list --long; demo availability zone list --network
admin hypervisor list --long; admin hypervisor show host-1; admin hypervisor stats show
admin_at 2.53 hypervisor list --matching host; admin_at 2.88 hypervisor show host-1
admin compute service list --long
admin compute service set --disable --disable-reason text host-2 nova-compute
admin compute service set --enable host-2 nova-compute
admin_at 2.53 compute service set --disable host-2 nova-compute
admin_at 2.53 compute service set --enable host-2 nova-compute
admin_at 2.11 compute service set --down host-2 nova-compute; admin_at 2.11 compute service set --up host-2 nova-compute
admin host list; admin host show host-1
demo quota show; demo quota show --default; admin quota show demo; admin quota list --compute
admin quota list --compute --detail --project demo; admin quota set --instances 30 --networks 50 demo
admin quota set --class --instances 11 default
demo limits show --absolute; demo limits show --rate; admin limits show --absolute --project demo
admin usage list; demo usage show; admin usage show --project demo
admin project create other; admin user create --project other --password secret someone
admin role add --project other --user someone member; admin role assignment list --names
admin user set --email someone@example.com someone; admin project set --description text other
admin role remove --project other --user someone member; admin user delete someone; admin project delete other
admin role create extra; admin role delete extra; admin domain list; admin group create crowd; admin group delete crowd
admin service list; admin service show compute; admin endpoint list; admin region list; admin resource provider list
demo application credential create robot; demo application credential list; demo application credential delete robot

# The same with nova
for words in list 'show v1' 'instance-action-list v1' "instance-action v1 $request" flavor-list 'flavor-show m1.tiny' \
  keypair-list quota-show quota-defaults limits availability-zone-list usage server-group-list version-list \
  'list-secgroup v1' 'interface-list v1' 'volume-attachments v1' 'console-log v1' 'server-tag-list v1' \
  'meta v1 set a=b'; do
  # shellcheck disable=SC2086
  demo_nova $words
done
for words in 'list --all-tenants' hypervisor-list service-list aggregate-list availability-zone-list usage-list \
  migration-list instance-usage-audit-log 'reset-state --active --all-tenants v1'; do
  # shellcheck disable=SC2086
  admin_nova $words
done
demo_nova boot --flavor m1.tiny --image "$image" --nic net-name=private n1 --poll
for words in 'reboot n1 --poll' 'resize n1 m1.small --poll' 'resize-confirm n1' 'stop n1' 'start n1' 'lock n1' \
  'unlock n1' 'shelve n1' 'unshelve n1' 'update --description text n1' "rebuild n1 $image --poll" 'image-create n1 picture' \
  'delete n1'; do
  # shellcheck disable=SC2086
  demo_nova $words
  settle
done

printf '%s commands, %s not as they should be\n' "$(grep -c '^### ' "$log")" $wrong
[ $wrong -eq 0 ]
