package io.cordon.sandbox;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The rules that hold for the paths of every policy. They are checked twice: on the paths as they are written, when
 * the policy is built, and on the real paths, when a sandbox is opened, because a link can turn two roots into one.
 */
final class PolicyRules {
    private PolicyRules() {}

    /** Absolute and without {@code .} and {@code ..}; a relative path would depend on the JVM's working directory. */
    static ImmutableSet<Path> normalized(String rule, Set<Path> paths) {
        ImmutableSet.Builder<Path> result = ImmutableSet.builder();
        for (Path path : paths) {
            if (!path.isAbsolute()) {
                throw new InvalidPolicyException(
                        SandboxErrorCode.POLICY_PATH_RELATIVE,
                        rule + "(" + path + "): the path is relative; pass path.toAbsolutePath()");
            }
            result.add(path.normalize());
        }
        return result.build();
    }

    static void check(SandboxPolicy policy) {
        if (policy.allowWrite().isEmpty() && !policy.writeNothing()) {
            throw new InvalidPolicyException(
                    SandboxErrorCode.POLICY_EMPTY,
                    "the policy has no writable root; call allowWrite(path), or use SandboxPolicy.readOnly()");
        }
        if (!policy.allowWrite().isEmpty() && policy.writeNothing()) {
            throw new InvalidPolicyException(
                    SandboxErrorCode.POLICY_CONTRADICTION,
                    "allowWrite(" + policy.allowWrite().iterator().next()
                            + ") contradicts writeNothing(); remove one of them");
        }
        for (Path root : policy.allowWrite()) {
            if (root.getNameCount() == 0) {
                throw new InvalidPolicyException(
                        SandboxErrorCode.POLICY_ROOT_FORBIDDEN,
                        "allowWrite(" + root + "): the root of a file system cannot be a workspace; "
                                + "name the directory that the work is done in");
            }
        }
        violation(policy.allowWrite(), policy.denyWrite(), policy.denyRead())
                .or(() -> readViolation(policy.allowRead(), policy.denyRead()))
                .ifPresent(violation -> {
                    throw new InvalidPolicyException(violation.code(), violation.message());
                });
    }

    /** A broken rule. */
    record Violation(SandboxErrorCode code, String message) {}

    /** The first rule that these paths break among each other. */
    static Optional<Violation> violation(Set<Path> roots, Set<Path> carveOuts, Set<Path> denyRead) {
        for (Path root : roots) {
            for (Path other : roots) {
                if (!root.equals(other) && root.startsWith(other)) {
                    return broken(
                            SandboxErrorCode.POLICY_ROOTS_OVERLAP,
                            "allowWrite(%s) lies inside allowWrite(%s); remove the inner one",
                            root,
                            other);
                }
            }
            for (Path denied : denyRead) {
                if (root.startsWith(denied)) {
                    return broken(
                            SandboxErrorCode.POLICY_CONTRADICTION,
                            "allowWrite(%s) lies inside denyRead(%s); remove one of them",
                            root,
                            denied);
                }
            }
        }
        for (Path carveOut : carveOuts) {
            for (Path root : roots) {
                if (root.startsWith(carveOut)) {
                    return broken(
                            SandboxErrorCode.POLICY_CONTRADICTION,
                            "allowWrite(%s) lies inside denyWrite(%s); remove one of them",
                            root,
                            carveOut);
                }
            }
            if (roots.stream().noneMatch(carveOut::startsWith)) {
                return Optional.of(new Violation(
                        SandboxErrorCode.POLICY_CARVE_OUT_OUTSIDE_ROOTS,
                        "denyWrite(" + carveOut + ") lies in no writable root, so that it is read-only anyway; "
                                + "remove it, or add the root that it belongs to"));
            }
        }
        return Optional.empty();
    }

    /** What is denied for reading cannot be allowed inside; the reverse is a hole in what is allowed. */
    static Optional<Violation> readViolation(Set<Path> allowRead, Set<Path> denyRead) {
        for (Path allowed : allowRead) {
            for (Path denied : denyRead) {
                if (allowed.startsWith(denied)) {
                    return broken(
                            SandboxErrorCode.POLICY_CONTRADICTION,
                            "allowRead(%s) lies inside denyRead(%s); remove one of them",
                            allowed,
                            denied);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Violation> broken(SandboxErrorCode code, String format, Path path, Path other) {
        return Optional.of(new Violation(code, format.formatted(path, other)));
    }
}
