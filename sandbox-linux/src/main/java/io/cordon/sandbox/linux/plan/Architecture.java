package io.cordon.sandbox.linux.plan;

import java.util.Optional;

/** A processor architecture that the seccomp filter knows the system call numbers of. */
public enum Architecture {
    /** {@code AUDIT_ARCH_X86_64} of linux/audit.h. */
    X86_64(0xC000003E),
    /** {@code AUDIT_ARCH_AARCH64} of linux/audit.h. */
    AARCH64(0xC00000B7);

    private final int auditArch;

    Architecture(int auditArch) {
        this.auditArch = auditArch;
    }

    /** How the kernel names this architecture to a filter. */
    int auditArch() {
        return auditArch;
    }

    /** The architecture of a JVM, from its system property {@code os.arch}. */
    public static Optional<Architecture> of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }
}
