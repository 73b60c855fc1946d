/** The accounts that exist for sandboxes only: how they are made, looked at and taken away. */
@NullMarked
package io.cordon.sandbox.windows.account;

import org.jspecify.annotations.NullMarked;
