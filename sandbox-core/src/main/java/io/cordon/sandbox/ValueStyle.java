package io.cordon.sandbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Generated;
import org.immutables.value.Value;
import org.immutables.value.Value.Style.ImplementationVisibility;

/**
 * How the values of this package are generated. The public builders are written by hand, for their names and
 * documentation; {@code typeInnerBuilder} keeps the generator from taking them for extensions of its own. Kept in the
 * source only, so that users who compile against the package need no annotation of the generator.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.SOURCE)
@Value.Style(
        visibility = ImplementationVisibility.PACKAGE,
        builder = "new",
        typeInnerBuilder = "Values",
        allowedClasspathAnnotations = Generated.class)
@interface ValueStyle {}
