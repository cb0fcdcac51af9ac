/** Where a workload comes from: laws, traces, folders, earlier runs. */
package io.plumbline.files.workload;
