package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;

/**
 * What of the host decides about a plan.
 *
 * @param architecture the processor
 * @param landlockAbi the version of the kernel's Landlock interface; 0 when there is none
 * @param seccomp whether the kernel takes seccomp filters
 * @param notifies whether such a filter can have a call answered by a supervisor (user notification)
 * @param bubblewrap whether there is bubblewrap
 * @param missing the paths of the policy that do not exist
 */
public record LinuxHostFacts(
        Architecture architecture,
        int landlockAbi,
        boolean seccomp,
        boolean notifies,
        Bubblewrap bubblewrap,
        ImmutableSet<Path> missing) {}
