package io.cordon.sandbox;

/**
 * Is told what happens in a sandbox; see {@link SandboxOptions.Builder#listener}.
 *
 * <p>Called by whatever thread it happens on, possibly by several at once, and soon: what takes long belongs on a thread
 * of the listener's own. An exception of it is logged and changes nothing.
 */
@FunctionalInterface
public interface SandboxListener {
    /** Listens to nothing. */
    SandboxListener NONE = event -> {};

    /** Something has happened. */
    void on(SandboxEvent event);
}
