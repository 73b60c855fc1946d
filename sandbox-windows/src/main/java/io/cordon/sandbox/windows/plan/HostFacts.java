package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.file.Path;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * What the planner has to know of a machine: a value, collected beforehand.
 *
 * <p>{@link #realPaths} maps every path of the policy to its final path; {@link #objects} and {@link #trees} are keyed
 * by final paths. A final path without {@link #objects} entry does not exist.
 */
@Value.Immutable
public abstract class HostFacts {
    HostFacts() {}

    /** The user that the host runs as. */
    public abstract Sid user();

    /** The logon session. */
    public abstract Sid logon();

    /** How privileged the host is. */
    @Value.Default
    public Elevation elevation() {
        return Elevation.STANDARD;
    }

    /** The build number of Windows. */
    @Value.Default
    public int build() {
        return 0;
    }

    /** Whether the host is in a job already, into which none with UI limits can be nested. */
    @Value.Default
    public boolean inJob() {
        return false;
    }

    /** Serial numbers of the volumes that keep descriptors (FILE_PERSISTENT_ACLS). */
    public abstract ImmutableSet<Long> aclVolumes();

    /** The final path of each path of the policy. */
    public abstract ImmutableMap<Path, Path> realPaths();

    /**
     * For paths of the policy that end in a link: where the link itself is. It has an entry of its own in {@link
     * #objects}.
     */
    public abstract ImmutableMap<Path, Path> links();

    /** The objects that the policy names, and every directory between a root and a carve-out in it. */
    public abstract ImmutableMap<Path, ObjectFacts> objects();

    /**
     * Final paths of carve-outs that do not exist and that the user may make as directories, with a label of his
     * choice.
     */
    public abstract ImmutableSet<Path> makeable();

    /** The trees beneath roots, carve-outs, paths denied for reading and, for an AppContainer, paths to read. */
    public abstract ImmutableMap<Path, TreeFacts> trees();

    /** Directories that must not be a root, nor hold or lie in one: the library's home, Windows, and so on. */
    public abstract ImmutableSet<Path> forbidden();

    /** Directories that must not be a root themselves, nor lie in one: volume roots, the user's profile. */
    public abstract ImmutableSet<Path> forbiddenItself();

    /**
     * What outside of every root the child could change although the plan does not mean it to: labelled at its level or
     * below, or without NO_WRITE_UP.
     */
    public abstract ImmutableList<ObjectFacts> exposed();

    /**
     * The first objects of the search for these that the user may not look at, or not list; what the child can change
     * there is not known. No plan depends on them.
     */
    public abstract ImmutableList<Path> unsearched();

    /** The sandbox's private temp directory, which the plan makes. */
    public abstract Path temp();

    /**
     * The capability SID of each root and of the temp directory, derived from a secret of the installation and the
     * identity of the directory.
     */
    public abstract ImmutableMap<Path, Sid> capabilities();

    /** The provisioned account, if there is one. */
    public abstract Optional<AccountFacts> account();

    /**
     * The package SID of the AppContainer that belongs to the rules of the policy; empty on a system that has no
     * AppContainers.
     */
    public abstract Optional<Sid> appContainer();

    /** An empty builder: user, logon SID and temp directory must be set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these facts. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.from(this);
        return builder;
    }

    /** Collects {@link HostFacts}. Not safe for use by several threads. */
    public static final class Builder {
        private final ImmutableHostFacts.Builder values = new ImmutableHostFacts.Builder();

        Builder() {}

        /** Sets {@link HostFacts#user} and {@link HostFacts#logon}. */
        @CanIgnoreReturnValue
        public Builder user(Sid user, Sid logon) {
            values.user(user).logon(logon);
            return this;
        }

        /** Sets {@link HostFacts#elevation}. */
        @CanIgnoreReturnValue
        public Builder elevation(Elevation elevation) {
            values.elevation(elevation);
            return this;
        }

        /** Sets {@link HostFacts#build}. */
        @CanIgnoreReturnValue
        public Builder build(int number) {
            values.build(number);
            return this;
        }

        /** Sets {@link HostFacts#inJob}. */
        @CanIgnoreReturnValue
        public Builder inJob(boolean inJob) {
            values.inJob(inJob);
            return this;
        }

        /** Adds to {@link HostFacts#aclVolumes}. */
        @CanIgnoreReturnValue
        public Builder aclVolume(long serial) {
            values.addAclVolumes(serial);
            return this;
        }

        /** Adds to {@link HostFacts#realPaths}. */
        @CanIgnoreReturnValue
        public Builder realPath(Path policyPath, Path finalPath) {
            values.putRealPaths(policyPath, finalPath);
            return this;
        }

        /** Adds to {@link HostFacts#links}. */
        @CanIgnoreReturnValue
        public Builder link(Path policyPath, Path finalPathOfLink) {
            values.putLinks(policyPath, finalPathOfLink);
            return this;
        }

        /** Adds to {@link HostFacts#objects}, under the object's own path. */
        @CanIgnoreReturnValue
        public Builder object(ObjectFacts object) {
            values.putObjects(object.path(), object);
            return this;
        }

        /** Adds to {@link HostFacts#makeable}. */
        @CanIgnoreReturnValue
        public Builder makeable(Path finalPath) {
            values.addMakeable(finalPath);
            return this;
        }

        /** Adds to {@link HostFacts#trees}. */
        @CanIgnoreReturnValue
        public Builder tree(Path finalPath, TreeFacts tree) {
            values.putTrees(finalPath, tree);
            return this;
        }

        /** Adds to {@link HostFacts#forbidden}. */
        @CanIgnoreReturnValue
        public Builder forbidden(Path directory) {
            values.addForbidden(directory);
            return this;
        }

        /** Adds to {@link HostFacts#forbiddenItself}. */
        @CanIgnoreReturnValue
        public Builder forbiddenItself(Path directory) {
            values.addForbiddenItself(directory);
            return this;
        }

        /** Adds to {@link HostFacts#exposed}. */
        @CanIgnoreReturnValue
        public Builder exposed(ObjectFacts object) {
            values.addExposed(object);
            return this;
        }

        /** Adds to {@link HostFacts#unsearched}. */
        @CanIgnoreReturnValue
        public Builder unsearched(Path object) {
            values.addUnsearched(object);
            return this;
        }

        /** Sets {@link HostFacts#temp}. */
        @CanIgnoreReturnValue
        public Builder temp(Path directory) {
            values.temp(directory);
            return this;
        }

        /** Adds to {@link HostFacts#capabilities}. */
        @CanIgnoreReturnValue
        public Builder capability(Path directory, Sid sid) {
            values.putCapabilities(directory, sid);
            return this;
        }

        /** Sets {@link HostFacts#account}. */
        @CanIgnoreReturnValue
        public Builder account(AccountFacts account) {
            values.account(account);
            return this;
        }

        /** Sets {@link HostFacts#appContainer}. */
        @CanIgnoreReturnValue
        public Builder appContainer(Sid packageSid) {
            values.appContainer(packageSid);
            return this;
        }

        /** The facts. */
        public HostFacts build() {
            return values.build();
        }
    }
}
