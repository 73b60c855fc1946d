package io.cordon.sandbox.linux.syscall;

/** The error numbers that the backend tells apart, asm-generic/errno-base.h. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int ENOEXEC = 8;
    public static final int EACCES = 13;

    private Errno() {}
}
