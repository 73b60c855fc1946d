/** Runs commands confined by the operating system: policy in, result and enforcement report out. */
@NullMarked
// The public builders are written by hand, for their names and documentation; typeInnerBuilder keeps the generator
// from taking them for extensions of its own.
@Value.Style(
        visibility = ImplementationVisibility.PACKAGE,
        builder = "new",
        typeInnerBuilder = "Values",
        allowedClasspathAnnotations = Generated.class)
package io.cordon.sandbox;

import org.immutables.value.Generated;
import org.immutables.value.Value;
import org.immutables.value.Value.Style.ImplementationVisibility;
import org.jspecify.annotations.NullMarked;
