package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import org.immutables.value.Value;

/** What a policy becomes on one machine: everything that is changed and made, in order. */
@Value.Immutable
public abstract class WindowsPlan {
    WindowsPlan() {}

    /** What holds the child. */
    public abstract Confinement confinement();

    /** Why this confinement. */
    public abstract String confinementReason();

    /** The child's token. */
    public abstract TokenShape token();

    /** The changes, in order. Empty if the machine is as the plan wants it. */
    public abstract ImmutableList<Edit> edits();

    /**
     * Objects at which every change of a tree stops, except one that begins there: carve-outs, paths denied for
     * reading, and hard-linked files that are not to become writable.
     */
    public abstract ImmutableSet<Path> boundaries();

    /**
     * Objects that are held open without FILE_SHARE_DELETE while the sandbox is open, so that nobody deletes or renames
     * them.
     */
    public abstract ImmutableList<Path> fences();

    /** What to record for each tree when all changes are made, so that the next plan need not go through it again. */
    public abstract ImmutableMap<Path, String> stamps();

    /** Directories that the child may write in: the roots and the private temp directory. */
    public abstract ImmutableSet<Path> writable();

    /** What an AppContainer is granted to read besides; empty for the other confinements. */
    public abstract ImmutableSet<Path> readable();

    /** The job object. */
    public abstract JobShape job();

    /** Whether the child gets a desktop of its own. */
    public abstract boolean privateDesktop();

    /** Environment variables that the plan sets. */
    public abstract ImmutableMap<String, String> environment();

    /** What is not enforced although the policy asks for it; every one was accepted by name. */
    public abstract ImmutableList<Gap> gaps();

    /** What a person should know. */
    public abstract ImmutableList<String> warnings();

    /**
     * Whether another sandbox of the same user is kept from writing these roots, and this one from writing the other's.
     */
    public abstract boolean isolatedFromOtherSandboxes();

    /** The plan for a person: what is changed, and why. */
    public String explain() {
        return PlanExplanation.of(this);
    }

    /** The same with other changes: for tests that show what each of them is there for. */
    public WindowsPlan replacingEdits(Iterable<? extends Edit> edits) {
        return new ImmutableWindowsPlan.Builder().from(this).edits(edits).build();
    }

    /** The same with other fences. */
    public WindowsPlan replacingFences(Iterable<Path> fences) {
        return new ImmutableWindowsPlan.Builder().from(this).fences(fences).build();
    }

    /** The same with another token. */
    public WindowsPlan replacingToken(TokenShape token) {
        return new ImmutableWindowsPlan.Builder().from(this).token(token).build();
    }
}
