package io.cordon.sandbox.linux.plan;

/**
 * System calls with their numbers, from asm/unistd_64.h (x86_64) and asm-generic/unistd.h (aarch64), up to Linux 6.17.
 * Named as in these headers, so that a reader and the test that compares them find them.
 */
public enum Syscall {
    // Containers and mounts: a new namespace brings rights that Landlock and the filter do not expect.
    UNSHARE(272, 97),
    SETNS(308, 268),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    CHROOT(161, 51),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    OPEN_TREE_ATTR(467, 467),

    // Work that the kernel does on the caller's behalf, past the filter.
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),

    // Other processes of the user: their memory, descriptors, limits, and memory and queues shared with them.
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    PROCESS_MADVISE(440, 440),
    PIDFD_GETFD(438, 438),
    KCMP(312, 272),
    MIGRATE_PAGES(256, 238),
    MOVE_PAGES(279, 239),
    PRLIMIT64(302, 261),
    SHMGET(29, 194),
    SHMAT(30, 196),
    SHMCTL(31, 195),
    SEMGET(64, 190),
    SEMCTL(66, 191),
    MSGGET(68, 186),
    MSGCTL(71, 187),
    MQ_OPEN(240, 180),
    MQ_UNLINK(241, 181),

    // Parts of the kernel that a build or test does not need and that exploits begin with.
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    USERFAULTFD(323, 282),
    KEYCTL(250, 219),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    OPEN_BY_HANDLE_AT(304, 265),
    FANOTIFY_INIT(300, 262),
    IOPL(172, -1),
    IOPERM(173, -1),
    REBOOT(169, 142),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    ACCT(163, 89),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443, 443),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    SYSLOG(103, 116),
    VHANGUP(153, 58),

    // Sockets.
    SOCKET(41, 198),
    SOCKETPAIR(53, 199),
    CONNECT(42, 203),
    BIND(49, 200),
    LISTEN(50, 201),
    ACCEPT(43, 202),
    ACCEPT4(288, 242),
    SENDTO(44, 206),
    SENDMSG(46, 211),
    SENDMMSG(307, 269),

    // Metadata of files, which Landlock does not mediate. Those with -1 are of x86 only; newer ports have the forms
    // with
    // a directory.
    CHMOD(90, -1),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHMODAT2(452, 452),
    CHOWN(92, -1),
    LCHOWN(94, -1),
    FCHOWN(93, 55),
    FCHOWNAT(260, 54),
    UTIME(132, -1),
    UTIMES(235, -1),
    FUTIMESAT(261, -1),
    UTIMENSAT(280, 88),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    FREMOVEXATTR(199, 16),
    SETXATTRAT(463, 463),
    REMOVEXATTRAT(466, 466),
    FILE_SETATTR(469, 469),

    // Calls that are judged by their arguments.
    CLONE(56, 220),
    CLONE3(435, 435),
    IOCTL(16, 29),

    // What the launcher itself needs.
    CAPGET(125, 90),
    CAPSET(126, 91),
    SECCOMP(317, 277);

    private final int x86_64;
    private final int aarch64;

    Syscall(int x86_64, int aarch64) {
        this.x86_64 = x86_64;
        this.aarch64 = aarch64;
    }

    /** Whether the architecture has this call; the port calls are of x86 only. */
    boolean existsOn(Architecture architecture) {
        return number(architecture) >= 0;
    }

    /** The number, or -1 where the architecture does not have the call. */
    public int number(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86_64;
            case AARCH64 -> aarch64;
        };
    }
}
