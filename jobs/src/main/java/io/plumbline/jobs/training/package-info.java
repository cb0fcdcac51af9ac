/** Training of operator models from profiles, without Spark. */
package io.plumbline.jobs.training;
