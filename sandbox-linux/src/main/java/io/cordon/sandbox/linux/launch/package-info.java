/** Carries out a {@link io.cordon.sandbox.linux.plan.LinuxPlan}: the confined launcher thread and its children. */
@NullMarked
package io.cordon.sandbox.linux.launch;

import org.jspecify.annotations.NullMarked;
