package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.IntegrityLevel;

/**
 * Choices of the Windows backend that no policy makes.
 *
 * @param level the level of the child and of what it may write; below Medium
 * @param writeRestricted whether the child's token is write-restricted too, so that it writes no other sandbox's root;
 * breaks Node's pipes, MSYS and Schannel
 * @param hardLinks what to do about files in a root that have a name outside
 * @param exposedPlaces what to do about places outside of the roots that the child's level would let it write, such as
 * the user's LocalLow directory
 * @param createMissingCarveOuts whether carve-outs that do not exist are made as directories
 * @param lifetime how long the changes of the roots stay; all other changes end with the sandbox
 * @param lessPrivileged whether an AppContainer is a less privileged one (LPAC), for which even what all packages may
 * read is closed; few programs start so, and no JVM
 */
public record PlanOptions(
        IntegrityLevel level,
        boolean writeRestricted,
        HardLinks hardLinks,
        ExposedPlaces exposedPlaces,
        boolean createMissingCarveOuts,
        Lifetime lifetime,
        boolean lessPrivileged) {

    /** Files in a root that have a name outside. */
    public enum HardLinks {
        /** No plan is made. */
        REFUSE,
        /** They keep, or get, a label that the child cannot write. */
        SKIP,
        /** They become writable, and with them what the name outside shows. */
        ALLOW
    }

    /** Places outside of the roots that the child's level would let it write. */
    public enum ExposedPlaces {
        /**
         * They are labelled Medium while the sandbox is open; the user's other low-integrity programs cannot write them
         * meanwhile.
         */
        SHIELD,
        /** No plan is made unless the policy accepts gaps in FILE_WRITE. */
        REFUSE
    }

    /** The default: level 0x1800, refuse hard links, shield. */
    public static final PlanOptions DEFAULT = new PlanOptions(
            IntegrityLevel.MEDIUM_LOW, false, HardLinks.REFUSE, ExposedPlaces.SHIELD, false, Lifetime.SESSION, false);

    /** The hardened option. */
    public static final PlanOptions WRITE_RESTRICTED = DEFAULT.withWriteRestricted(true);

    /** @throws IllegalArgumentException if the level is not below Medium */
    public PlanOptions {
        if (level.dominates(IntegrityLevel.MEDIUM)) {
            throw new IllegalArgumentException("the child's level must be below Medium to confine it, not " + level);
        }
    }

    /** The same with a write-restricted token or without. */
    public PlanOptions withWriteRestricted(boolean value) {
        return new PlanOptions(
                level, value, hardLinks, exposedPlaces, createMissingCarveOuts, lifetime, lessPrivileged);
    }

    /** The same with another treatment of hard links. */
    public PlanOptions withHardLinks(HardLinks value) {
        return new PlanOptions(
                level, writeRestricted, value, exposedPlaces, createMissingCarveOuts, lifetime, lessPrivileged);
    }

    /** The same with another treatment of exposed places. */
    public PlanOptions withExposedPlaces(ExposedPlaces value) {
        return new PlanOptions(
                level, writeRestricted, hardLinks, value, createMissingCarveOuts, lifetime, lessPrivileged);
    }

    /** The same with missing carve-outs made or not. */
    public PlanOptions withCreateMissingCarveOuts(boolean value) {
        return new PlanOptions(level, writeRestricted, hardLinks, exposedPlaces, value, lifetime, lessPrivileged);
    }

    /** The same with changes of the roots that stay so long. */
    public PlanOptions withLifetime(Lifetime value) {
        return new PlanOptions(
                level, writeRestricted, hardLinks, exposedPlaces, createMissingCarveOuts, value, lessPrivileged);
    }

    /** The same with a less privileged AppContainer or an ordinary one, where one is used. */
    public PlanOptions withLessPrivileged(boolean value) {
        return new PlanOptions(
                level, writeRestricted, hardLinks, exposedPlaces, createMissingCarveOuts, lifetime, value);
    }
}
