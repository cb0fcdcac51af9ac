/** What stands beside a measured operator profile. */
package io.plumbline.files.profile;
