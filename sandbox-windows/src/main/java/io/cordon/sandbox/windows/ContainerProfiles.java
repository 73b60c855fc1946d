package io.cordon.sandbox.windows;

import com.google.common.hash.Hashing;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.ContainerCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The AppContainer profiles of sandboxes. Sandboxes with the same rules share one, so that what is granted to it on their
 * files is the same entry; one with other rules is another, which gets nothing of the first one's.
 */
final class ContainerProfiles {
    /** Together 39 characters; Windows takes 64. */
    private static final String PREFIX = "Cordon.";

    private static final int DIGITS = 32;
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "[0-9a-f]{" + DIGITS + "}");

    private final ContainerCalls containers;

    ContainerProfiles(ContainerCalls containers) {
        this.containers = containers;
    }

    /** Whether a policy is one for an AppContainer, where there are any. */
    static boolean isFor(SandboxPolicy policy) {
        return policy.network().equals(NetworkAccess.NONE)
                && !policy.allowRead().isEmpty();
    }

    /**
     * The name that belongs to the rules of a policy. Without a writable root it is used once: by its root a sandbox finds
     * what another one with the same name granted.
     */
    static String name(ResolvedPolicy policy, PlanOptions options) {
        if (policy.roots().isEmpty()) {
            return PREFIX + UUID.randomUUID().toString().replace("-", "");
        }
        StringBuilder rules = new StringBuilder();
        rules.append(options.hardLinks()).append(options.lessPrivileged()).append('\n');
        add(rules, 'w', policy.roots());
        add(rules, 'c', policy.carveOuts());
        add(rules, 'd', policy.denyRead());
        add(rules, 'r', policy.allowRead());
        return PREFIX
                + Hashing.sha256()
                        .hashString(rules, StandardCharsets.UTF_8)
                        .toString()
                        .substring(0, DIGITS);
    }

    private static void add(StringBuilder rules, char rule, Set<Path> paths) {
        new TreeSet<>(paths)
                .forEach(path -> rules.append(rule).append(' ').append(path).append('\n'));
    }

    /** Makes it, unless another sandbox with the same rules has. */
    void make(String name) throws SandboxException {
        try {
            containers.createProfile(name);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "the AppContainer profile " + name);
        }
    }

    /**
     * Deletes the profile of a lease that ends, unless another one uses it.
     *
     * @throws SandboxException if it cannot be deleted, or is none that a sandbox has
     */
    void release(RegisterTransaction register, Lease ending) throws SandboxException {
        String name = ending.profile();
        if (name.isEmpty()) {
            return;
        }
        if (!NAME.matcher(name).matches()) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "no sandbox has an AppContainer profile called " + name);
        }
        Optional<Lease> other = register.leases().stream()
                .filter(lease -> !lease.sandbox().equals(ending.sandbox())
                        && lease.profile().equals(name))
                .findAny();
        if (other.isPresent()) {
            return; // that of a process that is gone is released after this one
        }
        try {
            containers.deleteProfile(name);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.CLOSE_FAILED, "deleting the AppContainer profile " + name);
        }
    }
}
