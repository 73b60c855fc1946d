package io.cordon.sandbox.windows.plan;

/** How long the edits of a layer stay. */
public enum Lifetime {
    /** Until the last sandbox that needs them is closed. */
    SESSION,
    /** Until they are cleaned up by name. */
    PERSISTENT
}
