# SPDX-License-Identifier: EUPL-1.2
"""The initramfs of test/kernel/run: shell, mount and modules, as much as reaches this machine's own root."""
import os
import pathlib
import re
import shutil
import subprocess

PROGRAMS = ["/bin/sh", "/bin/mount", "/bin/mkdir", "/sbin/modprobe", "/usr/sbin/chroot", "/bin/sync", "/bin/sleep"]
ROOT_MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"]
# what the tests, the daemons and the exercise ask the kernel for
TEST_MODULES = ["veth", "dummy", "sch_ingress", "cls_bpf", "act_bpf", "nf_tables", "nft_limit", "nft_ct", "bridge",
                "macvlan", "sch_fq", "sch_netem", "8021q"]

INIT = """\
#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
stop() { sync; echo o >/proc/sysrq-trigger; sleep 60; }
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
{ modprobe -a %(root)s && mkdir -p /lower /upper /whole &&
  mount -t 9p -o trans=virtio,version=9p2000.L,cache=loose,msize=262144,ro host /lower &&
  mount -t tmpfs -o size=70%% upper /upper && mkdir /upper/up /upper/work &&
  mount -t overlay -o lowerdir=/lower,upperdir=/upper/up,workdir=/upper/work whole /whole; } || stop
mount --move /proc /whole/proc
mount --move /sys /whole/sys
mount --move /dev /whole/dev
mount -t tmpfs run /whole/run
mkdir -p /whole/dev/shm /whole/dev/pts /whole/lib/modules/%(version)s
mount -t tmpfs shm /whole/dev/shm
mount -t devpts pts /whole/dev/pts
mount -t bpf bpf /whole/sys/fs/bpf
mount -t cgroup2 cgroup /whole/sys/fs/cgroup
mount --bind /lib/modules/%(version)s /whole/lib/modules/%(version)s
for module in %(test)s; do modprobe -q $module; done
mkdir -p /whole/run/garde-kernel
while IFS= read -r line; do printf '%%s\\n' "$line"; done </tests >/whole/run/garde-kernel/tests
chroot /whole /sbin/ip link set lo up
chroot /whole /bin/sh /run/garde-kernel/tests >/whole/dev/ttyS1 2>&1 </whole/dev/null
mount --move /whole/proc /proc
stop
"""


def _put(source, tree):
    target = tree / source.lstrip("/")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _program(path, tree):
    _put(path, tree)
    said = subprocess.run(["ldd", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for library in re.findall(r"(/\S+) \(0x", said):
        _put(library, tree)


def _modules(folder, tree):
    """The named modules and what they stand on. Those built in are not there and not needed."""
    target = tree / "lib/modules" / folder.name
    target.mkdir(parents=True)
    for path in folder.glob("modules.builtin*"):
        shutil.copy(path, target)
    shutil.copy(folder / "modules.order", target)
    shutil.copytree(folder / "kernel", target / "kernel", copy_function=os.link if _same(folder, tree) else shutil.copy,
                    ignore=lambda _, names: [name for name in names if name in UNWANTED])
    subprocess.run(["depmod", "-b", str(tree), folder.name], check=True)


UNWANTED = {"sound", "gpu", "media", "infiniband", "iio", "wireless", "staging", "usb", "hwmon", "mtd", "input", "scsi",
            "ata", "bluetooth", "ethernet", "rtc", "leds", "isdn", "target", "md", "platform", "video", "hid", "mmc",
            "edac", "power", "nvme", "xfs", "btrfs", "ocfs2", "gfs2", "ceph", "smb", "nfs", "nfsd", "f2fs", "jfs", "arch",
            "crypto", "mac80211", "sctp", "tipc", "batman-adv", "i2c", "regulator", "firmware", "thunderbolt", "wwan"}


def _same(one, other):
    return one.stat().st_dev == other.stat().st_dev


def initramfs(modules, tests, ret_image, tree):
    """Writes *ret_image*: boots, lays this machine's root under a layer in memory, runs the script *tests* in it."""
    for folder in ("proc", "sys", "dev", "run", "tmp", "root"):
        (tree / folder).mkdir(parents=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        (tree / "usr" / name).mkdir(parents=True, exist_ok=True)
        (tree / name).symlink_to(f"usr/{name}")
    for path in PROGRAMS:
        _program(path, tree)
    _modules(modules, tree)
    words = {"root": " ".join(ROOT_MODULES), "test": " ".join(TEST_MODULES), "version": modules.name}
    (tree / "init").write_text(INIT % words, encoding="utf-8")
    (tree / "init").chmod(0o755)
    (tree / "tests").write_text(tests, encoding="utf-8")
    names = subprocess.run(["find", ".", "-print0"], cwd=tree, check=True, stdout=subprocess.PIPE).stdout
    with open(ret_image, "wb") as image:
        subprocess.run(["cpio", "-o0", "-H", "newc", "--quiet", "-R", "0:0"], cwd=tree, check=True, input=names,
                       stdout=image)
