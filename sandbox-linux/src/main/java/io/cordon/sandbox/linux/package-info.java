/** linux. */
@NullMarked
package io.cordon.sandbox.linux;

import org.jspecify.annotations.NullMarked;
