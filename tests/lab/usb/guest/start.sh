#!/bin/sh
# Second stage of the guest, on the host's root: mounts, modules, the station's disk, then the scenario. Its exit
# status goes to the results folder (9p, the only place of the host that the guest may write), then the power goes off.
# No udev runs here, so names in /dev are the kernel's own.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
results=/run/evidock-lab/results

mount -t proc none /proc
mount -t sysfs none /sys
mkdir -p /dev/pts /dev/shm $results /lab
mount -t devpts none /dev/pts
mount -t tmpfs none /dev/shm
mount -t 9p -o trans=virtio,version=9p2000.L,cache=none,msize=512000 results $results

finish() {
  echo "$1" >$results/exit-status
  # A program that died of a signal has its last words in the kernel's log alone.
  [ "$1" -lt 128 ] || dmesg | tail -n 30 >$results/kernel-log
  sync
  echo o >/proc/sysrq-trigger
  sleep 60
}
fail() {
  echo "lab: $1"
  finish 70
}

release=$(uname -r)
mkdir -p /lib/modules
[ -e "/lib/modules/$release" ] || ln -s "$evidock_lab_modules/lib/modules/$release" "/lib/modules/$release"
mark() {
  read -r uptime _ </proc/uptime
  echo "lab: $1 after $uptime s"
}

mark "the host's root is there"
modprobe -a virtio_blk ext4 vfat exfat nls_utf8 nls_cp437 nls_ascii nls_iso8859_1 loop sg sd_mod usb_storage uas \
  usbhid hid_generic xhci_pci libcomposite usb_f_mass_storage usb_f_hid usb_f_fs || fail "a module does not load"
mark "modules are loaded"
modprobe dummy_hcd num="$evidock_lab_sockets" is_super_speed=Y || fail "no virtual USB sockets"
mount -t configfs none /sys/kernel/config || fail "no configfs"
mount -t ext4 /dev/vda /lab || fail "no data disk"
mount -t ext4 -o ro,noload /dev/vdb "$evidock_lab_checkout/node_modules" || fail "no packages"
for part in $(cd /lab/code && find . -mindepth 1 -maxdepth 1 -type d); do
  # native/ has its build folders alone.
  [ "$part" = ./native ] && continue
  mount --bind "/lab/code/$part" "$evidock_lab_checkout/$part" || fail "no code at $part"
done
for part in /lab/code/native/*/build; do
  mount --bind "$part" "$evidock_lab_checkout/${part#/lab/code/}" || fail "no code at $part"
done
export NODE_COMPILE_CACHE=/lab/compiled
ip link set lo up 2>/dev/null || busybox ip link set lo up || fail "no loopback network"
mark "ready"
: >$results/up

cd "$evidock_lab_checkout" || fail "no checkout at $evidock_lab_checkout"
"$evidock_lab_checkout/node_modules/.bin/node" tests/lab/usb/guest/run-scenario.ts "$evidock_lab_scenario" \
  "$evidock_lab_wish" >>$results/steps.jsonl 2>$results/stderr
finish $?
