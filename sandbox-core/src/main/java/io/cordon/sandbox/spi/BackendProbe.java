package io.cordon.sandbox.spi;

/**
 * Whether a backend works on this machine.
 *
 * @param available whether it does
 * @param detail the facts of the host that decide: what was found, or what is missing and how to get it
 */
public record BackendProbe(boolean available, String detail) {
    /** It works, with these facts of the host. */
    public static BackendProbe available(String detail) {
        return new BackendProbe(true, detail);
    }

    /** It does not work, for this reason. */
    public static BackendProbe unavailable(String detail) {
        return new BackendProbe(false, detail);
    }
}
