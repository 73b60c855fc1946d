/** testkit. */
@NullMarked
package io.cordon.sandbox.testkit;

import org.jspecify.annotations.NullMarked;
