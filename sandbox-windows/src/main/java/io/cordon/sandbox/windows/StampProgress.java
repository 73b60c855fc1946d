package io.cordon.sandbox.windows;

import java.util.OptionalLong;

/**
 * Is told how far the opening of a sandbox is, on the thread that opens it. The first one on a large tree takes a while:
 * every object in it is looked at, and then labelled.
 */
@FunctionalInterface
public interface StampProgress {
    /** Nobody wants to know. */
    StampProgress NONE = (done, total, current) -> true;

    /**
     * One object more.
     *
     * @param done how many objects were changed, or while {@code total} is unknown, looked at; an object that takes several
     *     changes counts for each
     * @param total how many objects there are to change, as they were counted when they were looked at: an estimate;
     *     unknown until then
     * @param current where the object is
     * @return whether to go on; if not, everything is taken back, and opening fails with {@link
     *     io.cordon.sandbox.SandboxErrorCode#PREPARE_CANCELLED}
     */
    boolean advanced(long done, OptionalLong total, String current);
}
