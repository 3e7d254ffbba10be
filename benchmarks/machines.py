"""Machines that are network namespaces of this one, joined by a switch, each by a link of its own whose rate and delay
are shaped. Needs root, ip and tc (Debian's iproute2).

The rate is kept by the kernel's token bucket (tc tbf) at both ends of a link. The delay is kept by a process that holds
frames back between two tap devices: tc's own netem is missing from some kernels.
"""

import collections
import ctypes
import fcntl
import os
import pathlib
import re
import select
import shlex
import signal
import struct
import subprocess
import tempfile
import time

SWITCH = "isthmus-switch"
NETWORK = "10.213.7"
MTU = 9000  # of clusters; with the usual 1,500 the relays would be too slow
CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def bits_per_second(rate):
    number, unit = re.fullmatch(r"([\d.]+)([kmg]?)bit", rate).groups()
    return float(number) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[unit]


def open_tap(namespace, name):
    """A tap device in another namespace; this process comes back to its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as own, open(f"/run/netns/{namespace}") as other:
        for space, last in ((other, False), (own, True)):
            if libc.setns(space.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            if not last:
                tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
                fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TAP | IFF_NO_PI))
    return tap


def relay(first, second, delay):
    """Carries frames between two tap devices, each `delay` seconds after it came. Never returns."""
    other = {first: second, second: first}
    waiting = collections.deque()
    while True:
        left = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for tap in select.select([first, second], [], [], left)[0]:
            try:
                while True:
                    waiting.append((time.monotonic() + delay, other[tap], os.read(tap, 1 << 16)))
            except BlockingIOError:
                pass
        while waiting and waiting[0][0] <= time.monotonic():
            _, tap, frame = waiting.popleft()
            try:
                os.write(tap, frame)
            except BlockingIOError:
                pass  # a full queue drops


def start_relay(first, second, delay):
    """In a process of its own, whose number it returns. Both devices must be up."""
    process = os.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Frames must not wait for the ranks' work.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
        try:
            relay(first, second, delay)
        finally:
            os._exit(1)
    os.close(first)
    os.close(second)
    return process


class Machines:
    """A context: `count` machines while it lasts. rate: as tc writes it, such as 1gbit, or None; delay: seconds, one
    way from machine to switch."""

    def __init__(self, count, rate=None, delay=0.0):
        self.count, self.rate, self.delay = count, rate, delay
        self.relays = []
        self.folder = tempfile.TemporaryDirectory()
        self.agent = pathlib.Path(self.folder.name, "agent")
        self.agent.write_text(f'#!/bin/sh\n# Starts a command as mpirun would by ssh: agent ADDRESS COMMAND.\n'
                              f'number=${{1##*.}}\nshift\nexec {self.shell("$number", "$*")}\n')
        self.agent.chmod(0o755)

    @staticmethod
    def name(number):
        return f"isthmus-{number}"

    @staticmethod
    def address(number):
        return f"{NETWORK}.{number}"

    @staticmethod
    def shell(number, command):
        """Runs a command on a machine, with a host name and, as far as they reach, a processor of its own."""
        processors = os.cpu_count()
        return (f'ip netns exec isthmus-{number} taskset -c $((({number} - 1) % {processors})) unshare --uts '
                f'sh -c "hostname isthmus-{number}; {command}"')

    def __enter__(self):
        self.clear()
        try:
            run("ip", "netns", "add", SWITCH)
            self.on_switch("ip", "link", "add", "bridge", "type", "bridge")
            self.on_switch("ip", "link", "set", "bridge", "up")
            for number in range(1, self.count + 1):
                self.add_machine(number)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.relays:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        self.clear()
        self.folder.cleanup()

    def clear(self):
        for namespace in [SWITCH] + [self.name(number) for number in range(1, 17)]:
            if os.path.exists(f"/run/netns/{namespace}"):
                run("ip", "netns", "del", namespace)

    def on_switch(self, *command):
        return run("ip", "netns", "exec", SWITCH, *command)

    def on(self, number, *command):
        return run("ip", "netns", "exec", self.name(number), *command)

    def add_machine(self, number):
        port = f"port{number}"
        run("ip", "netns", "add", self.name(number))
        taps = ()
        if self.delay > 0:
            taps = open_tap(self.name(number), "uplink"), open_tap(SWITCH, port)
        else:
            peer = ("peer", "name", "uplink", "netns", self.name(number))
            self.on_switch("ip", "link", "add", port, "type", "veth", *peer)
        self.on_switch("ip", "link", "set", port, "master", "bridge", "mtu", str(MTU), "up")
        self.on(number, "ip", "link", "set", "lo", "up")
        self.on(number, "ip", "address", "add", f"{self.address(number)}/24", "dev", "uplink")
        self.on(number, "ip", "link", "set", "uplink", "mtu", str(MTU), "up")
        if self.rate:
            burst = str(int(max(128 << 10, bits_per_second(self.rate) / 8 * 0.004)))
            shape = ("root", "tbf", "rate", self.rate, "burst", burst, "latency", "100ms")
            self.on(number, "tc", "qdisc", "add", "dev", "uplink", *shape)
            self.on_switch("tc", "qdisc", "add", "dev", port, *shape)
        if taps:
            self.relays.append(start_relay(*taps, self.delay))

    def bytes_sent(self, number):
        """That left the machine, with the headers of every frame where the link has a rate."""
        if self.rate:
            return int(re.search(r"Sent (\d+) bytes", self.on(number, "tc", "-s", "qdisc", "show", "dev", "uplink"))[1])
        return int(self.on(number, "cat", "/sys/class/net/uplink/statistics/tx_bytes"))

    def alone(self, *command):
        """Runs a command on machine 1 and returns what it did."""
        return subprocess.run(self.shell(1, "exec " + shlex.join(map(str, command)).replace('"', '\\"')), shell=True,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def mpirun(self, *command, options=()):
        """Runs a command as one rank on each machine and returns what it did."""
        hosts = ",".join(f"{self.address(number)}:1" for number in range(1, self.count + 1))
        mpirun = ["mpirun", "--allow-run-as-root", "--bind-to", "none", "-n", str(self.count), "--host", hosts,
                  "--mca", "plm_rsh_agent", str(self.agent), "--mca", "btl", "tcp,self",
                  "--mca", "btl_tcp_if_include", f"{NETWORK}.0/24", "--mca", "oob_tcp_if_include", f"{NETWORK}.0/24",
                  *options, *command]
        return self.alone(*mpirun)
