/** Pure: a policy and facts about the host become a {@link io.cordon.sandbox.linux.plan.LinuxPlan}. */
@NullMarked
@Value.Style(
        visibility = ImplementationVisibility.PACKAGE,
        builder = "new",
        allowedClasspathAnnotations = Generated.class)
package io.cordon.sandbox.linux.plan;

import org.immutables.value.Generated;
import org.immutables.value.Value;
import org.immutables.value.Value.Style.ImplementationVisibility;
import org.jspecify.annotations.NullMarked;
