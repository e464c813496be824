#!/bin/busybox sh
# First program of the guest, in its initramfs (/init). Puts a throw-away overlay over the host's own root, which comes
# read-only over 9p, and goes there. Everything that a trial needs is then at the path it has on the host.
/bin/busybox mkdir -p /proc /sys /dev /lower /upper /root
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
export PATH=/bin
busybox --install -s /bin

fail() {
  echo "lab: $1"
  poweroff -f
}

while read -r module; do
  insmod "/modules/$module" || fail "module $module does not load"
done </modules/order

mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 rootfs /lower || fail "no root over 9p"
mount -t tmpfs -o size=50% none /upper || fail "no tmpfs"
mkdir /upper/upper /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/upper,workdir=/upper/work none /root || fail "no overlay"
umount /proc /sys
mount --move /dev /root/dev

# The kernel hands unknown words of its command line with a value to init as environment: evidock_lab_….
[ -n "$evidock_lab_checkout" ] || fail "no evidock_lab_checkout on the kernel's command line"
exec switch_root /root /bin/sh "$evidock_lab_checkout/tests/lab/usb/guest/start.sh"
