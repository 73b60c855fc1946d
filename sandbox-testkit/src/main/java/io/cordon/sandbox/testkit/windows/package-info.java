/**
 * A model of the Windows security reference monitor and of an NTFS volume, to test on any operating system what a
 * policy lets a sandboxed process do.
 *
 * <p>It is a model: what it allows or denies is what Microsoft's specifications and independent observations say about
 * Windows, not what Windows did. Points on which the sources disagree are {@linkplain
 * io.cordon.sandbox.testkit.windows.MonitorSwitches switches}, and a property that is worth something holds under both
 * settings.
 */
@NullMarked
@Value.Style(
        visibility = ImplementationVisibility.PACKAGE,
        builder = "new",
        typeInnerBuilder = "Values",
        allowedClasspathAnnotations = Generated.class)
package io.cordon.sandbox.testkit.windows;

import org.immutables.value.Generated;
import org.immutables.value.Value;
import org.immutables.value.Value.Style.ImplementationVisibility;
import org.jspecify.annotations.NullMarked;
