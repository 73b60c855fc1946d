package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;

/**
 * The places of this machine that matter to every policy; final paths, but for {@code searched}.
 *
 * @param forbidden must not be a root, nor hold or lie in one
 * @param forbiddenItself must not be a root themselves, nor lie in one
 * @param temp the sandbox's private temp directory; has a capability SID only if it exists by now
 * @param searched where to search for what the child could change although no plan means it to; what does not exist is
 *     left out
 */
public record FactPlaces(
        ImmutableSet<Path> forbidden, ImmutableSet<Path> forbiddenItself, Path temp, ImmutableList<Path> searched) {}
