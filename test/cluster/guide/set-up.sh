#!/bin/sh
# Makes this namespace a machine of its own: /etc with its users, /opt, /home, /var/lib and /tmp are no longer those that
# other processes see. Then says so, and lives until it is killed.
# Arguments: an empty folder, the name of the machine, the folder of the clone, that of the stand-ins, the program node.
set -e
folder=$1 name=$2 clone=$3 stand_ins=$4 node=$5
mount -t tmpfs machine "$folder"
cd "$folder"
mkdir -p etc opt/antidrome home/"$name" lib/journal sbin tmp
chmod 1777 tmp
cp -a /etc/. etc
mkdir -p etc/systemd/system
for part in bin dist node_modules presets package.json SECURITY.md; do
  if [ -d "$clone/$part" ]; then mkdir "opt/antidrome/$part"; else touch "opt/antidrome/$part"; fi
  mount --bind "$clone/$part" "opt/antidrome/$part"
done
cp "$stand_ins"/* sbin
chmod 755 sbin/*
touch sbin/node
mount --bind "$node" sbin/node
hostname "$name"
mount --rbind etc /etc
mount --rbind opt /opt
mount --rbind home /home
mount --rbind lib /var/lib
mount --rbind sbin /usr/local/sbin
mount --rbind tmp /tmp
echo ready
exec sleep infinity
