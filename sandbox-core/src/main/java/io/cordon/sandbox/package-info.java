/** Runs commands confined by the operating system: policy in, result and enforcement report out. */
@NullMarked
@ValueStyle
package io.cordon.sandbox;

import org.jspecify.annotations.NullMarked;
