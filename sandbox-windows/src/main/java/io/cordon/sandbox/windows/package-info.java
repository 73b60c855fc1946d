/** windows. */
@NullMarked
package io.cordon.sandbox.windows;

import org.jspecify.annotations.NullMarked;
