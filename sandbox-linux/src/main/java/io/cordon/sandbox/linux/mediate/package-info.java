/**
 * Makes changes to metadata on behalf of confined processes, where these are allowed: the supervisor's side of
 * seccomp_unotify(2).
 */
@NullMarked
package io.cordon.sandbox.linux.mediate;

import org.jspecify.annotations.NullMarked;
