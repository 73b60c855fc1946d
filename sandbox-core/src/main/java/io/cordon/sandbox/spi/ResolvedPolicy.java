package io.cordon.sandbox.spi;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * A policy with the real paths that its paths stand for on this machine, links resolved. The rules of a policy hold
 * for the real paths too.
 *
 * @param policy the policy
 * @param roots the real paths of its writable roots, all of them directories
 * @param carveOuts the carve-outs, with the links of what exists resolved
 * @param denyRead the paths denied for reading, with the links of what exists resolved
 * @param allowRead the paths that reading is limited to, with the links of what exists resolved; empty if it is not
 */
public record ResolvedPolicy(
        SandboxPolicy policy,
        ImmutableSet<Path> roots,
        ImmutableSet<Path> carveOuts,
        ImmutableSet<Path> denyRead,
        ImmutableSet<Path> allowRead) {

    /**
     * Resolves a policy.
     *
     * @throws SandboxException if a root is missing, no directory, or forbidden, or if two paths exclude each other
     *     once their links are resolved
     */
    public static ResolvedPolicy resolve(SandboxPolicy policy, ForbiddenRoots forbidden) throws SandboxException {
        ImmutableSet.Builder<Path> roots = ImmutableSet.builder();
        for (Path root : policy.allowWrite()) {
            roots.add(resolveRoot(root, forbidden));
        }
        ResolvedPolicy resolved = new ResolvedPolicy(
                policy,
                roots.build(),
                resolve(policy.denyWrite()),
                resolve(policy.denyRead()),
                resolve(policy.allowRead()));
        policy.checkRealPaths(resolved.roots, resolved.carveOuts, resolved.denyRead, resolved.allowRead);
        return resolved;
    }

    private static Path resolveRoot(Path root, ForbiddenRoots forbidden) throws SandboxException {
        if (!Files.exists(root)) {
            throw new SandboxException(
                    SandboxErrorCode.POLICY_ROOT_MISSING,
                    "allowWrite(" + root + "): there is no such directory; create it before the sandbox is opened");
        }
        if (!Files.isDirectory(root)) {
            throw new SandboxException(
                    SandboxErrorCode.POLICY_ROOT_NOT_DIRECTORY,
                    "allowWrite(" + root + "): this is not a directory; name the directory that contains it");
        }
        Path real = realPath(root);
        forbidden.check(root, real);
        return real;
    }

    private static ImmutableSet<Path> resolve(Set<Path> paths) throws SandboxException {
        ImmutableSet.Builder<Path> resolved = ImmutableSet.builder();
        for (Path path : paths) {
            resolved.add(realPath(path));
        }
        return resolved.build();
    }

    /** Of a path whose end does not exist, the existing beginning is resolved. */
    private static Path realPath(Path path) throws SandboxException {
        Path existing = path;
        // A link that leads nowhere does exist: what it stands for is up to whoever makes its target later.
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return existing.toRealPath().resolve(existing.relativize(path)).normalize();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "resolving the links of " + path + " failed: " + e
                            + "; remove links that lead nowhere, or create what they lead to",
                    e);
        }
    }
}
