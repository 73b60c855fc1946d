/**
 * What a policy becomes on Windows, as a pure function: policy and facts about the host in, a plan out, or the list of
 * what cannot be enforced.
 *
 * <p>Nothing here touches the machine. A plan is a value that can be compared, printed and explained, and the testkit
 * applies it to a model of Windows to prove what it holds.
 */
@NullMarked
@Value.Style(
        visibility = ImplementationVisibility.PACKAGE,
        builder = "new",
        typeInnerBuilder = "Values",
        allowedClasspathAnnotations = Generated.class)
package io.cordon.sandbox.windows.plan;

import org.immutables.value.Generated;
import org.immutables.value.Value;
import org.immutables.value.Value.Style.ImplementationVisibility;
import org.jspecify.annotations.NullMarked;
